import type { JsonMap } from '../json-map.ts'
import { ensureMap, mapAt, mapsAt, setIfNil, setIfZero } from './set.ts'

/** core/v1/zz_generated.defaults.go SetObjectDefaults_PodTemplate, the part below `template`. */
export function defaultPodTemplate(template: JsonMap): void {
  defaultPodSpec(ensureMap(template, 'spec'))
}

/** core/v1/defaults.go SetDefaults_PodSpec and what is generated around it. */
export function defaultPodSpec(spec: JsonMap): void {
  setIfZero(spec, 'dnsPolicy', 'ClusterFirst')
  setIfZero(spec, 'restartPolicy', 'Always')
  setIfNil(spec, 'securityContext', {})
  setIfNil(spec, 'terminationGracePeriodSeconds', 30)
  setIfZero(spec, 'schedulerName', 'default-scheduler')
  for (const volume of mapsAt(spec, 'volumes')) defaultVolume(volume)
  for (const key of ['initContainers', 'containers', 'ephemeralContainers']) for (const container of mapsAt(spec, key)) defaultContainer(container)
}

/** core/v1/defaults.go SetDefaults_Pod: what a Pod gets that a template does not. */
export function defaultPod(pod: JsonMap): void {
  const spec = ensureMap(pod, 'spec')
  for (const container of [...mapsAt(spec, 'containers'), ...mapsAt(spec, 'initContainers')]) {
    const limits = mapAt(container, 'resources', 'limits')
    if (limits) {
      const requests = ensureMap(ensureMap(container, 'resources'), 'requests')
      for (const key of Object.keys(limits)) setIfNil(requests, key, limits[key])
    }
  }
  setIfNil(spec, 'enableServiceLinks', true)
  if (spec['hostNetwork'] === true) for (const key of ['containers', 'initContainers']) defaultHostPorts(mapsAt(spec, key))
  defaultPodSpec(spec)
}

function defaultHostPorts(containers: readonly JsonMap[]): void {
  for (const port of containers.flatMap((container) => mapsAt(container, 'ports'))) setIfZero(port, 'hostPort', port['containerPort'])
}

function defaultContainer(container: JsonMap): void {
  setIfZero(container, 'imagePullPolicy', tagOf(container['image']) === 'latest' ? 'Always' : 'IfNotPresent')
  setIfZero(container, 'terminationMessagePath', '/dev/termination-log')
  setIfZero(container, 'terminationMessagePolicy', 'File')
  for (const port of mapsAt(container, 'ports')) setIfZero(port, 'protocol', 'TCP')
  for (const env of mapsAt(container, 'env')) {
    const field = mapAt(env, 'valueFrom', 'fieldRef')
    if (field) setIfZero(field, 'apiVersion', 'v1')
    const file = mapAt(env, 'valueFrom', 'fileKeyRef')
    if (file) setIfNil(file, 'optional', false)
  }
  for (const key of ['livenessProbe', 'readinessProbe', 'startupProbe']) defaultProbe(mapAt(container, key))
  for (const key of ['postStart', 'preStop']) defaultHttpGet(mapAt(container, 'lifecycle', key, 'httpGet'))
}

// distribution/reference regexp.go
const domain = '(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?'
const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
const reference = new RegExp(`^(?:${domain}/)?${component}(?:/${component})*(?::(\\w[\\w.-]{0,127}))?(@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$`)

/** parsers.ParseImageName: the tag; `latest` where neither tag nor digest is given. A text that is no reference has none. */
function tagOf(image: unknown): string {
  const match = typeof image === 'string' && !/^[0-9a-f]{64}$/.test(image) ? reference.exec(image) : null
  return match ? (match[1] ?? (match[2] === undefined ? 'latest' : '')) : ''
}

function defaultProbe(probe: JsonMap | undefined): void {
  if (!probe) return
  setIfZero(probe, 'timeoutSeconds', 1)
  setIfZero(probe, 'periodSeconds', 10)
  setIfZero(probe, 'successThreshold', 1)
  setIfZero(probe, 'failureThreshold', 3)
  defaultHttpGet(mapAt(probe, 'httpGet'))
  const grpc = mapAt(probe, 'grpc')
  if (grpc) setIfNil(grpc, 'service', '')
}

function defaultHttpGet(action: JsonMap | undefined): void {
  if (!action) return
  setIfZero(action, 'path', '/')
  setIfZero(action, 'scheme', 'HTTP')
}

const sourceDefaults: Readonly<Record<string, JsonMap>> = {
  iscsi: { iscsiInterface: 'default' },
  rbd: { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' },
  azureDisk: { cachingMode: 'ReadWrite', fsType: 'ext4', readOnly: false, kind: 'Shared' },
  scaleIO: { storageMode: 'ThinProvisioned', fsType: 'xfs' },
  secret: { defaultMode: 420 }, configMap: { defaultMode: 420 }, downwardAPI: { defaultMode: 420 }, projected: { defaultMode: 420 }, hostPath: { type: '' },
}

function defaultVolume(volume: JsonMap): void {
  if (Object.keys(volume).every((key) => key === 'name' || volume[key] === null)) volume['emptyDir'] = {}
  for (const source of Object.keys(sourceDefaults)) {
    const map = mapAt(volume, source)
    if (map) for (const [key, value] of Object.entries(sourceDefaults[source]!)) setIfNil(map, key, value)
  }
  const projected = mapsAt(volume, 'projected', 'sources')
  for (const item of [...mapsAt(volume, 'downwardAPI', 'items'), ...projected.flatMap((source) => mapsAt(source, 'downwardAPI', 'items'))]) {
    const field = mapAt(item, 'fieldRef')
    if (field) setIfZero(field, 'apiVersion', 'v1')
  }
  for (const source of projected) {
    const token = mapAt(source, 'serviceAccountToken')
    if (token) setIfNil(token, 'expirationSeconds', 3600)
  }
  const claim = mapAt(volume, 'ephemeral', 'volumeClaimTemplate')
  if (claim) setIfNil(ensureMap(claim, 'spec'), 'volumeMode', 'Filesystem')
  const image = mapAt(volume, 'image')
  if (image) setIfZero(image, 'pullPolicy', tagOf(image['reference']) === 'latest' ? 'Always' : 'IfNotPresent')
}
