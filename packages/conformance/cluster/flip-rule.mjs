// node --import: the simulator with one rule turned round, so that a run of the days proves that it can fail. A Service without a hash in its selector wakes the controller here, one with it does not.
import { register } from 'node:module'

const hook = `export const load = async (url, context, next) => {
  const loaded = await next(url, context)
  if (!url.endsWith('/rollouts/dist/noticed.js')) return loaded
  const source = String(loaded.source)
  const flipped = source.replace('[HASH_LABEL] !== undefined', '[HASH_LABEL] === undefined')
  if (flipped === source) throw new Error('the rule to turn round is not where it was')
  return { ...loaded, source: flipped }
}`
register(`data:text/javascript,${encodeURIComponent(hook)}`)
