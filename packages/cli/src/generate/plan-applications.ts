import type { JqEngine } from '@rollsync/argocd'
import { planRules, type PlanSettings, type RulesPlan, writeApplication } from '@rollsync/ignore'
import { applyEdits, type Diagnostic, type Manifest, type SourceText } from '@rollsync/manifests'
import { albOf, type ApplicationScope, customSchemas, discover, exploreRepository, type DiscoverSettings, type Versions } from '@rollsync/policy'

export interface PlannedApplication {
  readonly application: Manifest
  readonly plan: RulesPlan
}

export interface PlannedTexts {
  /** Every readable file with the text that it shall have. */
  readonly texts: ReadonlyMap<string, string>
  readonly applications: readonly PlannedApplication[]
  readonly diagnostics: readonly Diagnostic[]
  readonly notes: readonly string[]
}

/** Plans the rules of every Application that owns objects of a canary, and edits its file. Pure but for the jq engine. */
export async function planApplications(files: readonly SourceText[], settings: DiscoverSettings, versions: Versions, asked: { readonly jq: JqEngine; readonly byHand: 'kept' | 'ignored'; readonly advice?: 'wanted' }): Promise<PlannedTexts> {
  const repository = discover(files, settings)
  const explored = exploreRepository(repository, versions.rollouts)
  const texts = new Map(repository.manifests.map((manifest) => [manifest.file, manifest.document.text]))
  const applications: PlannedApplication[] = []
  for (const scope of repository.applications) {
    const canaries = explored.filter((one) => one.application === scope).map((one) => ({ canary: one.canary, alb: albOf(one.scope) }))
    if (canaries.length === 0) continue
    const plan = await planRules(scope.manifest, canaries, { ...settingsOf(scope, versions), schemas: customSchemas(repository), ...asked })
    applications.push({ application: scope.manifest, plan })
    edit(texts, scope, plan)
  }
  return { texts, applications, diagnostics: repository.diagnostics, notes: repository.notes }
}

function settingsOf({ spec }: ApplicationScope, versions: Versions): Omit<PlanSettings, 'jq'> {
  return { profile: versions.argocd, mode: spec.compareMode, syncOptions: spec.syncOptions, ignoreDifferences: spec.ignoreDifferences }
}

/** Several Applications may stand in one file: edits of documents further up shift those below, so each is written into the text as it is by then. */
function edit(texts: Map<string, string>, { manifest }: ApplicationScope, plan: RulesPlan): void {
  const text = texts.get(manifest.file) ?? manifest.document.text
  const current = text === manifest.document.text ? manifest : discover([{ file: manifest.file, text }]).manifests.find((one) => one.documentIndex === manifest.documentIndex && one.base === manifest.base)
  if (current !== undefined) texts.set(manifest.file, applyEdits(text, writeApplication(current, plan.wish)))
}
