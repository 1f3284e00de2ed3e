import { type Anchor, routeParts, writeIngress } from '@rollsync/ignore'
import { applyEdits, type SourceText } from '@rollsync/manifests'
import { type AnchoredIngress, anchoredIngresses, discover, isAsWritten, type DiscoverSettings } from '@rollsync/policy'
import type { RolloutsProfile } from '@rollsync/rollouts'

/** `hold` puts every managed route into Git, `keep` brings those that are there in step, `remove` takes them out. */
export type AnchorWish = 'hold' | 'keep' | 'remove'

export interface AnchoredTexts {
  /** Every file of the repository with its text, the Ingresses edited. */
  readonly texts: readonly SourceText[]
  /** The new text of each file that was edited. */
  readonly edited: ReadonlyMap<string, string>
  readonly notes: readonly string[]
}

/** Edits the Ingresses of a repository so that they hold the managed routes as wished. Pure: texts in, texts out. */
export function planAnchors(files: readonly SourceText[], settings: DiscoverSettings, profile: RolloutsProfile, wish: AnchorWish): AnchoredTexts {
  const repository = discover(files, settings)
  const texts = new Map<string, string>()
  const notes: string[] = []
  const done = new Set<string>()
  for (const scope of repository.canaries) {
    for (const ingress of anchoredIngresses(scope, profile)) {
      const { manifest } = ingress
      if (!isAsWritten(ingress.object, manifest)) {
        notes.push(`${manifest.file}: Ingress ${manifest.ref.name} is not deployed as this file has it (an overlay or a chart changes it): put the managed route there by hand, as \`rollsync simulate --diff\` shows it`)
        continue
      }
      const anchors = wantedAnchors(ingress, wish, notes)
      if (anchors === undefined) continue
      // Two overlays may deploy one manifest: it is edited once.
      const place = `${manifest.file} ${manifest.documentIndex} ${manifest.base}`
      if (done.has(place)) continue
      done.add(place)
      const edits = writeIngress(manifest, anchors, ingress.alb)
      // A file with two Ingresses is edited one after the other; the second time round it is read anew.
      if (edits.length > 0 && texts.has(manifest.file)) {
        const again = planAnchors(withTexts(files, texts), settings, profile, wish)
        return { texts: again.texts, edited: new Map([...texts, ...again.edited]), notes: [...new Set([...notes, ...again.notes])] }
      }
      if (edits.length > 0) texts.set(manifest.file, applyEdits(manifest.document.text, edits))
    }
  }
  return { texts: withTexts(files, texts), edited: texts, notes: [...new Set(notes)] }
}

/** The anchors that the Ingress shall hold; undefined where it is left alone. */
function wantedAnchors({ manifest, alb, anchors }: AnchoredIngress, wish: AnchorWish, notes: string[]): readonly Anchor[] | undefined {
  if (wish === 'remove') return []
  const held = (route: string): boolean => {
    const { paths, action, condition } = routeParts(manifest.value, route, alb.prefix)
    return paths.length > 0 || action !== undefined || condition !== undefined
  }
  if (wish === 'keep' && !alb.managedRoutes.some(held)) return undefined
  for (const one of anchors) if ('why' in one) notes.push(`${manifest.file}: route ${one.route} of Ingress ${manifest.ref.name} cannot be kept in Git: ${one.why}`)
  return anchors.filter((one): one is Anchor => 'paths' in one)
}

function withTexts(files: readonly SourceText[], texts: ReadonlyMap<string, string>): readonly SourceText[] {
  return files.map((one) => {
    const text = texts.get(one.file)
    return text === undefined ? one : { file: one.file, text }
  })
}
