export * from './bases/distroless-base';
