// A way in of its own: what reads a configuration is more code than a check without one needs.
export { configJsonSchema } from './config.ts'
export { type ConfigAnswer, type ConfigFault, readConfig } from './read-config.ts'
