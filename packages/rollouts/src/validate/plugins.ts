import type { TrafficRouting } from '../rollout.ts'

/** Whether the Rollout names a traffic router plugin. */
export function hasPlugins(routing: TrafficRouting): boolean {
  const plugins = routing['plugins']
  return typeof plugins === 'object' && plugins !== null && Object.keys(plugins).length > 0
}
