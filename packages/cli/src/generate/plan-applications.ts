import type { JqEngine } from '@rollsync/argocd'
import { type ApplicationWish, planRules, type PlanSettings, type RulesPlan, sameApplication, writeApplication } from '@rollsync/ignore'
import { applyEdits, type Diagnostic, type Manifest, parse, type SourceText } from '@rollsync/manifests'
import { albOf, type ApplicationScope, customSchemas, discover, exploreRepository, type DiscoverSettings, systemSettings, type Versions } from '@rollsync/policy'

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
  const { argocdCm } = await systemSettings(repository, versions.argocd, asked.jq)
  const explored = exploreRepository(repository, versions.rollouts)
  const texts = new Map(repository.manifests.map((manifest) => [manifest.file, manifest.document.text]))
  const applications: PlannedApplication[] = []
  for (const scope of repository.applications) {
    const canaries = explored.filter((one) => one.application === scope).map((one) => ({ canary: one.canary, alb: albOf(one.scope) }))
    if (canaries.length === 0) continue
    const plan = await planRules(scope.manifest, canaries, { ...settingsOf(scope, versions), schemas: customSchemas(repository), ...(argocdCm === undefined ? {} : { argocdCm }), ...asked })
    applications.push({ application: scope.manifest, plan })
  }
  for (const [manifest, wish] of byPlace(applications)) edit(texts, manifest, wish)
  return { texts, applications, diagnostics: repository.diagnostics, notes: [...repository.notes, ...rejectedNotes(explored)] }
}

/** Where the controller does nothing, nothing has to be ignored: that must not look as if all were well. */
function rejectedNotes(explored: ReturnType<typeof exploreRepository>): readonly string[] {
  return [...new Set(explored.flatMap(({ scope: { rollout }, explored: { invalid } }) => (invalid === undefined ? [] : [
    `${rollout.manifest.file}: Rollout ${rollout.object.metadata.name} is rejected by the controller, so nothing can be derived from it (\`rollsync check\` says where): ${invalid}`,
  ])))]
}

function settingsOf({ spec }: ApplicationScope, versions: Versions): Omit<PlanSettings, 'jq'> {
  return { profile: versions.argocd, mode: spec.compareMode, syncOptions: spec.syncOptions, ignoreDifferences: spec.ignoreDifferences }
}

/** What is written at one place: all that the Applications of one ApplicationSet need goes into its template. */
function byPlace(planned: readonly PlannedApplication[]): readonly (readonly [Manifest, ApplicationWish])[] {
  const places = new Map<string, [Manifest, ApplicationWish]>()
  for (const { application, plan } of planned) {
    const key = `${application.file} ${application.documentIndex} ${application.base}`
    const known = places.get(key)
    places.set(key, [application, known === undefined ? plan.wish : united(known[1], plan.wish)])
  }
  return [...places.values()]
}

function united(a: ApplicationWish, b: ApplicationWish): ApplicationWish {
  return { rules: distinct([...a.rules, ...b.rules]), mended: distinct([...a.mended, ...b.mended]), syncOptions: distinct([...a.syncOptions, ...b.syncOptions]) }
}

function distinct<Item>(items: readonly Item[]): readonly Item[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()]
}

/** Several Applications may stand in one file: edits of documents further up shift those below, so each is written into the text as it is by then. */
function edit(texts: Map<string, string>, manifest: Manifest, wish: ApplicationWish): void {
  const text = texts.get(manifest.file) ?? manifest.document.text
  const current = sameApplication(parse([{ file: manifest.file, text }]).manifests, manifest)
  if (current !== undefined) texts.set(manifest.file, applyEdits(text, writeApplication(current, wish)))
}
