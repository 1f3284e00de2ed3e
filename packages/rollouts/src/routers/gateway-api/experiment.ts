import { isMap } from '@rollsync/manifests'

import type { Client } from '../../client.ts'
import type { Rollout, WeightDestination } from '../../rollout.ts'
import type { Json } from '../nested.ts'
import { backendsOf, nameOf } from './backends.ts'

/** experiment.go:16 HandleExperiment: only in the first rule that leads to one of the two services. */
export function withExperiment(rollout: Rollout, client: Client, rules: readonly Json[], additional: readonly WeightDestination[]): readonly Json[] {
  const { canaryService = '', stableService = '' } = rollout.spec.strategy.canary ?? {}
  const index = rules.findIndex((rule) => backendsOf(rule).some((backend) => [canaryService, stableService].includes(nameOf(backend))))
  const rule = rules[index]
  if (rule === undefined) return rules
  const isActive = (rollout.status.canary?.currentExperiment ?? '') !== ''
  const backendRefs = isActive ? withDestinations(rollout, client, backendsOf(rule), additional) : withoutDestinations(rollout, backendsOf(rule))
  return rules.map((other, at) => (at === index ? { ...rule, backendRefs } : other))
}

/** The stable service gets what the experiment leaves of 100, whatever the canary has; a destination that is there already keeps its weight. */
function withDestinations(rollout: Rollout, client: Client, backends: readonly Json[], additional: readonly WeightDestination[]): readonly Json[] {
  if (additional.length === 0) return backends
  const stableService = rollout.spec.strategy.canary?.stableService ?? ''
  const rest = 100 - Math.min(100, additional.reduce((sum, { weight }) => sum + weight, 0))
  const stable = backends.findIndex((backend) => nameOf(backend) === stableService)
  const shared = backends.map((backend, index) => (index === stable ? { ...backend, weight: rest } : backend))
  return additional.reduce<readonly Json[]>((all, { serviceName = '', weight }) => {
    if (all.some((backend) => nameOf(backend) === serviceName)) return all
    const port = portOf(rollout, client, serviceName)
    return port === undefined ? all : [...all, { name: serviceName, namespace: rollout.metadata.namespace ?? '', port, weight }]
  }, shared)
}

/** The port named http, else the first one, else 8080; undefined where there is no such Service: then it is left out. */
function portOf(rollout: Rollout, client: Client, name: string): number | undefined {
  const service = client.getLive({ group: '', kind: 'Service', namespace: rollout.metadata.namespace ?? '', name })
  if (service === undefined) return undefined
  const { spec } = service
  const ports = isMap(spec) && Array.isArray(spec['ports']) ? spec['ports'].filter(isMap) : []
  const http = ports.find((port) => port['name'] === 'http')?.['port'] ?? 8080
  // experiment.go:121 takes 8080 for "not found", also where the port named http is 8080
  return Number(http === 8080 ? ports[0]?.['port'] ?? 8080 : http)
}

/** Once the experiment is over: those that status.canary.weights names go, stable 100, canary 0. */
function withoutDestinations(rollout: Rollout, backends: readonly Json[]): readonly Json[] {
  const { canaryService, stableService } = rollout.spec.strategy.canary ?? {}
  const previous = new Set((rollout.status.canary?.weights?.additional ?? []).map(({ serviceName = '' }) => serviceName))
  if (!backends.some((backend) => previous.has(nameOf(backend)))) return backends
  return backends.filter((backend) => !previous.has(nameOf(backend))).map((backend) => {
    const name = nameOf(backend)
    return name === stableService ? { ...backend, weight: 100 } : name === canaryService ? { ...backend, weight: 0 } : backend
  })
}
