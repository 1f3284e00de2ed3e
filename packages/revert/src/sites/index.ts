import { application } from './application.ts'
import { container } from './container.ts'
import { fluxMarker } from './flux-marker.ts'
import { helmValues } from './helm-values.ts'
import { imageUpdater } from './image-updater.ts'
import { kustomize } from './kustomize.ts'
import type { SiteFinder } from './site.ts'

/** Every kind of place that is looked at. Where two kinds claim the same scalar, the first in this list has it. */
export const siteFinders: readonly SiteFinder[] = [container, kustomize, application, imageUpdater, helmValues, fluxMarker]
