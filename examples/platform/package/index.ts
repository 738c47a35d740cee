export * from './foundation';
export * from './guard';
export * from './job';
export * from './platform-stack';
export * from './policy';
export * from './template';
export * from './web-service';
export * from './worker';
