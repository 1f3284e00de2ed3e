import { printArgocdAppsValues, printArgocdCm, printArgoCdValues, printKustomizePatch } from '@rollsync/ignore'
import type { PlannedApplication } from './plan-applications.ts'
import { printSnippet } from './snippet.ts'
import type { Target } from './targets.ts'

/** Whether a target is an addition to what a person wrote, or a block to be pasted where nothing is yet. */
export function isPasted(target: Target): boolean {
  return !['application', 'applicationset', 'kustomize'].includes(target)
}

/** The text of a target that is printed; undefined for one that is written. */
export function printTarget(target: Target, planned: readonly PlannedApplication[]): string | undefined {
  const rules = planned.flatMap(({ plan }) => plan.wish.rules)
  const named = planned.map(({ application, plan }) => ({ name: application.ref.name, wish: plan.wish }))
  switch (target) {
    case 'application':
    case 'applicationset': return undefined
    case 'argocd-cm': return printArgocdCm(rules, 'split')
    case 'argocd-cm-legacy': return printArgocdCm(rules, 'legacy')
    case 'helm-values': return printArgocdAppsValues(named)
    case 'helm-values-argo-cd': return printArgoCdValues(named)
    case 'kustomize': return printKustomizePatch(planned.map(({ application, plan }) => ({ application: application.value, wish: plan.wish })))
    case 'snippet': return printSnippet(planned)
    default: return target satisfies never
  }
}
