import { isMap, type KubeObject, valueAt } from '@rollsync/manifests'
import type { Observed } from '../e2e/observed.ts'

/** Where a canary stands by a status of its Rollout: `step 3/9 pause 60s, weight 0 %`; nothing before the controller has seen it. */
export function stepText(rollout: KubeObject, status: unknown): string {
  const steps = valueAt(rollout, '/spec/strategy/canary/steps')
  const index = valueAt(status, '/currentStepIndex')
  const stable = valueAt(status, '/stableRS')
  const weight = valueAt(status, '/canary/weights/canary/weight')
  if (!isMap(status) || Object.keys(status).length === 0) return ''
  return [
    valueAt(status, '/abort') === true ? 'aborted' : placeOf(steps, index, stable !== undefined && stable === valueAt(status, '/currentPodHash')),
    ...(typeof weight === 'number' ? [`weight ${weight} %`] : []),
  ].filter((word) => word !== '').join(', ')
}

function placeOf(steps: unknown, index: unknown, isStable: boolean): string {
  if (isStable) return 'idle'
  if (!Array.isArray(steps) || typeof index !== 'number') return 'updating'
  return index >= steps.length ? `all ${steps.length} steps done` : `step ${index + 1}/${steps.length} ${kindOf(steps[index])}`
}

function kindOf(step: unknown): string {
  if (!isMap(step)) return ''
  return Object.entries(step).map(([kind, value]) => {
    if (kind === 'setWeight') return `setWeight ${String(value)}`
    const duration = kind === 'pause' ? valueAt(value, '/duration') : undefined
    return duration === undefined ? kind : `pause ${typeof duration === 'number' ? `${duration}s` : String(duration)}`
  }).join(' + ')
}

/** How things stand after an event, in one line: what Argo CD says, the canary's step and weight, the header routes that are live. `rollout` is the one in question as Git holds it. */
export function situationText({ sync, objects }: Pick<Observed, 'sync' | 'objects'>, rollout: KubeObject): string {
  const subject = objects[`Rollout/${rollout.metadata.name}`]
  if (subject === undefined) return `${sync}, no Rollout ${rollout.metadata.name}`
  const routes = managedRoutes(rollout).filter((route) => Object.entries(objects).some(([name, object]) => name.startsWith('Ingress/') && namesService(object, route)))
  return [sync, stepText(rollout, valueAt(subject, '/status')), ...(routes.length === 0 ? [] : [`header route ${routes.join(', ')}`])].filter((word) => word !== '').join(', ')
}

function managedRoutes(rollout: KubeObject): readonly string[] {
  const routes = valueAt(rollout, '/spec/strategy/canary/trafficRouting/managedRoutes')
  return Array.isArray(routes) ? routes.map((route) => String(valueAt(route, '/name'))) : []
}

/** A managed route of an ALB is a path to a service of its name. */
function namesService(ingress: unknown, route: string): boolean {
  const rules = valueAt(ingress, '/spec/rules')
  return (Array.isArray(rules) ? rules : []).some((rule) => {
    const paths = valueAt(rule, '/http/paths')
    return (Array.isArray(paths) ? paths : []).some((path) => valueAt(path, '/backend/service/name') === route)
  })
}
