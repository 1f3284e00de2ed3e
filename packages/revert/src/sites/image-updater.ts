import type { SourceDocument } from '@rollsync/manifests'
import { sourceSpots } from './application.ts'
import type { SiteFinder, Spot } from './site.ts'

/** `.argocd-source-<application>.yaml` and `.argocd-source.yaml`: the parameter overrides of Argo CD, written by its Image Updater. */
export const imageUpdater: SiteFinder = { in: 'image-updater', find }

export function isSourceOverride(file: string): boolean {
  return /(^|\/)\.argocd-source(-[^/]+)?\.ya?ml$/.test(file)
}

function find(document: SourceDocument): readonly Spot[] {
  return isSourceOverride(document.file) ? sourceSpots(document, '', 'image-updater', document.file.split('/').at(-1) ?? document.file) : []
}
