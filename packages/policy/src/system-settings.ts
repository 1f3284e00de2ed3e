import { type ArgocdProfile, compileRules, type JqEngine, SettingsError } from '@rollsync/argocd'
import { isMap } from '@rollsync/manifests'
import { argocdCmOf } from './discover/argocd-cm.ts'
import type { Repository } from './discover/repository.ts'

/** The data of the repository's argocd-cm, as far as it bears on comparison; undefined without one. A sentence where Argo CD itself could not read it. */
export interface SystemSettings {
  readonly argocdCm?: Readonly<Record<string, string>>
  readonly unreadable?: string
}

const concerned = /^(resource\.(customizations|compareoptions)|application\.(resourceTrackingMethod|instanceLabelKey)|ignore\.)/

/** Finds the ConfigMap argocd-cm: system-level ignore rules hold for every Application, and one bad expression there takes all of them to Unknown. */
export async function systemSettings({ manifests }: Repository, profile: ArgocdProfile, jq: JqEngine): Promise<SystemSettings> {
  const found = argocdCmOf(manifests)
  const data = isMap(found?.value['data']) ? found.value['data'] : {}
  const kept = Object.entries(data).filter((entry): entry is [string, string] => concerned.test(entry[0]) && typeof entry[1] === 'string')
  if (found === undefined || kept.length === 0) return {}
  const argocdCm = Object.fromEntries(kept)
  try {
    await compileRules([], { profile, jq, argocdCm })
    return { argocdCm }
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return { unreadable: `${found.file}: Argo CD cannot read argocd-cm (${error.message}); everything is judged without it` }
  }
}
