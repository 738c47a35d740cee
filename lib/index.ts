export * from './bases/distroless-base';
export * from './images/distroless-image';
export * from './images/go/go-image';
export * from './images/nodejs/nodejs-image';
export * from './images/python/python-image';
export * from './images/source-image';
export * from './images/source-image-props';
export * from './policy/distroless-policy';
