export { type Gojq, type GojqAnswer, type GojqRelease, type GojqReply, type GojqRequest, openGojq } from './gojq.ts'
export { GojqError } from './gojq-error.ts'
