import { type Anchor, managedRouteNames, type RouteAnchor, routeItems, routeParts, writeIngress, writeRouteList } from '@rollsync/ignore'
import { applyEdits, type KubeObject, type Manifest, type SourceText, type TextEdit } from '@rollsync/manifests'
import { type AnchoredIngress, anchoredIngresses, anchoredRoutes, type CanaryScope, discover, isAsWritten, type DiscoverSettings } from '@rollsync/policy'
import type { RolloutsProfile } from '@rollsync/rollouts'

/** `hold` puts every managed route into Git, `keep` brings those that are there in step, `remove` takes them out. */
export type AnchorWish = 'hold' | 'keep' | 'remove'

export interface AnchoredTexts {
  /** Every file of the repository with its text, the routed objects edited. */
  readonly texts: readonly SourceText[]
  /** The new text of each file that was edited. */
  readonly edited: ReadonlyMap<string, string>
  readonly notes: readonly string[]
}

/** Edits the Ingresses, VirtualServices and Gateway API routes of a repository so that they hold the managed routes as wished. Pure: texts in, texts out. */
export function planAnchors(files: readonly SourceText[], settings: DiscoverSettings, profile: RolloutsProfile, wish: AnchorWish): AnchoredTexts {
  const repository = discover(files, settings)
  const texts = new Map<string, string>()
  const notes: string[] = []
  const done = new Set<string>()
  for (const scope of repository.canaries) {
    for (const { object, manifest, edits } of [...ingressEdits(scope, profile, wish, notes), ...routeEdits(scope, profile, wish, notes)]) {
      if (!isAsWritten(object, manifest)) {
        notes.push(`${manifest.file}: ${manifest.ref.kind} ${manifest.ref.name} is not deployed as this file has it (an overlay or a chart changes it): put the managed route there by hand, as \`rollsync simulate --diff\` shows it`)
        continue
      }
      // Two overlays may deploy one manifest: it is edited once.
      const place = `${manifest.file} ${manifest.documentIndex} ${manifest.base}`
      if (done.has(place)) continue
      done.add(place)
      const changes = edits()
      // A file with two routed objects is edited one after the other; the second time round it is read anew.
      if (changes.length > 0 && texts.has(manifest.file)) {
        const again = planAnchors(withTexts(files, texts), settings, profile, wish)
        return { texts: again.texts, edited: new Map([...texts, ...again.edited]), notes: [...new Set([...notes, ...again.notes])] }
      }
      if (changes.length > 0) texts.set(manifest.file, applyEdits(manifest.document.text, changes))
    }
  }
  return { texts: withTexts(files, texts), edited: texts, notes: [...new Set(notes)] }
}

interface AnchorEdits {
  /** As it is deployed; `manifest` is where a person edits it. */
  readonly object: KubeObject
  readonly manifest: Manifest
  readonly edits: () => readonly TextEdit[]
}

function ingressEdits(scope: CanaryScope, profile: RolloutsProfile, wish: AnchorWish, notes: string[]): readonly AnchorEdits[] {
  return anchoredIngresses(scope, profile).map((ingress) => ({
    object: ingress.object,
    manifest: ingress.manifest,
    edits: () => {
      const anchors = wantedAnchors(ingress, wish, notes)
      return anchors === undefined ? [] : writeIngress(ingress.manifest, anchors, ingress.alb)
    },
  }))
}

/** VirtualServices and routes of the Gateway API. */
function routeEdits(scope: CanaryScope, profile: RolloutsProfile, wish: AnchorWish, notes: string[]): readonly AnchorEdits[] {
  const routes = managedRouteNames(scope.rollout.object)
  return anchoredRoutes(scope, profile).map(({ object, manifest, anchors }) => ({
    object,
    manifest,
    edits: () => {
      if (wish === 'remove') return writeRouteList(manifest, [], routes)
      if (wish === 'keep' && routeItems(manifest.value, routes).every((item) => item.route === undefined)) return []
      for (const one of anchors) if ('why' in one) notes.push(`${manifest.file}: route ${one.route} of ${manifest.ref.kind} ${manifest.ref.name} cannot be kept in Git: ${one.why}`)
      return writeRouteList(manifest, anchors.filter((one): one is RouteAnchor => 'items' in one), routes)
    },
  }))
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
