export { ModelError, type ModelErrorCode } from './model-error.ts';
