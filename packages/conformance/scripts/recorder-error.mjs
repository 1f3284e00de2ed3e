/** What the recorder cannot do, in words for a person. */
export class RecorderError extends Error {}
