import { toYaml } from '@rollsync/manifests'
import type { PlannedApplication } from './plan-applications.ts'

/** The `ignoreDifferences` and sync options of each Application, to be pasted below its `spec:`. */
export function printSnippet(planned: readonly PlannedApplication[]): string {
  return planned.map(({ application, plan }) => {
    const { rules, syncOptions } = plan.wish
    const spec = { ...(syncOptions.length === 0 ? {} : { syncPolicy: { syncOptions } }), ...(rules.length === 0 ? {} : { ignoreDifferences: rules }) }
    const head = `# below spec: of Application ${application.ref.name}`
    return rules.length + syncOptions.length === 0 ? `${head}: nothing is needed\n` : `${head}\n${toYaml(spec, ['jqPathExpressions'])}`
  }).join('---\n')
}
