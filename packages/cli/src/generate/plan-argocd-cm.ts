import type { JqEngine } from '@rollsync/argocd'
import { writeArgocdCm } from '@rollsync/ignore'
import { parse, type SourceText } from '@rollsync/manifests'
import { argocdCmOf, type DiscoverSettings, type Versions } from '@rollsync/policy'
import { CliError } from '../exit.ts'
import { planApplications, type PlannedApplication, type PlannedTexts } from './plan-applications.ts'

/** Plans the rules that an argocd-cm among the files shall hold beside what people wrote, there and in Applications. `texts` is the file with it alone. */
export async function planArgocdCm(files: readonly SourceText[], settings: DiscoverSettings, versions: Versions, asked: { readonly jq: JqEngine; readonly keys: 'split' | 'legacy'; readonly advice?: 'wanted' }): Promise<PlannedTexts> {
  const found = argocdCmOf(parse(files).manifests)
  if (found === undefined) throw new CliError('NO_ARGOCD_CM', 'no ConfigMap argocd-cm is among these files', { hint: 'without --write and --check it is printed, to be merged into the one that stands elsewhere' })
  const { keys, ...rest } = asked
  // What is ours there must not count as there already.
  const bare = files.map((one) => (one.file === found.file ? { file: found.file, text: writeArgocdCm(found, [], keys) } : one))
  const planned = await planApplications(bare, settings, versions, { ...rest, byHand: 'kept' })
  const text = writeArgocdCm(found, planned.applications.flatMap(({ plan }) => plan.wish.rules), keys)
  return { ...planned, texts: new Map([[found.file, text]]), notes: [...planned.notes, ...planned.applications.flatMap(notHere)] }
}

/** What an Application needs beside rules, which no argocd-cm holds. */
function notHere({ application: { ref: { name } }, plan: { wish } }: PlannedApplication): readonly string[] {
  return [
    ...wish.syncOptions.map((option) => `Application ${name}: ${option} loses less, and stands in the Application alone (\`--target application\` writes it)`),
    ...(wish.mended.length === 0 ? [] : [`Application ${name}: gojq rejects an expression of it, so it stays Unknown until \`--target application\` has mended that`]),
  ]
}
