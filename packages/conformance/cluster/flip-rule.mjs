// node --import: the simulator with one rule turned round, so that a run of the days proves that it can fail. A header route gets its annotations here, and no path.
import { register } from 'node:module'

const hook = `export const load = async (url, context, next) => {
  const loaded = await next(url, context)
  if (!url.endsWith('/rollouts/dist/index.js')) return loaded
  const source = String(loaded.source)
  const flipped = source.replace('withAnnotationPath(ingress.spec, name)', 'ingress.spec')
  if (flipped === source) throw new Error('the rule to turn round is not where it was')
  return { ...loaded, source: flipped }
}`
register(`data:text/javascript,${encodeURIComponent(hook)}`)
