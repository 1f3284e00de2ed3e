import { type KubeObject, toYaml, valueAt } from '@rollsync/manifests'
import type { ApplicationWish } from './application.ts'

/** What one Application shall come to say, with the Application as it stands now. */
export interface PatchedApplication {
  readonly application: KubeObject
  readonly wish: ApplicationWish
}

/** The `patches` of a kustomization: a JSON patch for each Application, which mends what gojq rejects and adds to the lists that stand there. */
export function printKustomizePatch(planned: readonly PatchedApplication[]): string {
  const patches = planned.flatMap(({ application, wish }) => {
    const mended = wish.mended.map(({ pointer, expression }): Step => ({ op: 'replace', path: pointer, value: expression }))
    const steps = [...mended, ...added(application, '/spec/ignoreDifferences', wish.rules), ...added(application, '/spec/syncPolicy/syncOptions', wish.syncOptions)]
    return steps.length === 0 ? [] : [{ target: { group: 'argoproj.io', kind: 'Application', name: application.metadata.name }, patch: toYaml(steps, ['jqPathExpressions', 'value']) }]
  })
  return patches.length === 0 ? '# nothing is needed\n' : toYaml({ patches })
}

interface Step {
  readonly op: 'add' | 'replace'
  readonly path: string
  readonly value: unknown
}

/** Items at the end of a list that is there; else the list, and the map around it where that is missing too. */
function added(application: KubeObject, list: string, items: readonly unknown[]): readonly Step[] {
  if (items.length === 0) return []
  if (Array.isArray(valueAt(application, list))) return items.map((value): Step => ({ op: 'add', path: `${list}/-`, value }))
  const parent = list.slice(0, list.lastIndexOf('/'))
  const around: readonly Step[] = valueAt(application, parent) === undefined ? [{ op: 'add', path: parent, value: {} }] : []
  return [...around, { op: 'add', path: list, value: items }]
}
