import { toYaml } from '@rollsync/manifests'
import type { ApplicationWish } from './application.ts'
import { splitKeys } from './argocd-cm.ts'
import { systemNotice } from './system-rules.ts'

/** What one Application shall come to say, by its name. */
export interface NamedWish {
  readonly name: string
  readonly wish: ApplicationWish
}

/** Values of the chart argo-cd (configs.cm): rules for the whole cluster. */
export function printArgoCdValues(wishes: readonly NamedWish[]): string {
  const cm = splitKeys(wishes.flatMap(({ wish }) => wish.rules))
  return Object.keys(cm).length === 0 ? '# nothing is needed\n' : `${systemNotice}\n${toYaml({ configs: { cm } })}`
}

/** Values of the chart argocd-apps (2.0 and newer, where applications are a map by name). Helm replaces lists: entries of one's own must be kept beside these. */
export function printArgocdAppsValues(wishes: readonly NamedWish[]): string {
  const applications = wishes.flatMap(({ name, wish }) => {
    const spec = { ...(wish.syncOptions.length === 0 ? {} : { syncPolicy: { syncOptions: wish.syncOptions } }), ...(wish.rules.length === 0 ? {} : { ignoreDifferences: wish.rules }) }
    return Object.keys(spec).length === 0 ? [] : [[name, spec] as const]
  })
  return applications.length === 0 ? '# nothing is needed\n' : toYaml({ applications: Object.fromEntries(applications) }, ['jqPathExpressions'])
}
