import type { JsonMap } from '../json-map.ts'
import { mapAt, mapsAt, setIfNil } from './set.ts'

/** admissionregistration/v1/defaults.go SetDefaults_ValidatingWebhook and what is generated around it. */
export function defaultValidatingWebhooks(configuration: JsonMap): void {
  for (const webhook of mapsAt(configuration, 'webhooks')) {
    setIfNil(webhook, 'failurePolicy', 'Fail')
    setIfNil(webhook, 'matchPolicy', 'Equivalent')
    setIfNil(webhook, 'namespaceSelector', {})
    setIfNil(webhook, 'objectSelector', {})
    setIfNil(webhook, 'timeoutSeconds', 10)
    const service = mapAt(webhook, 'clientConfig', 'service')
    if (service) setIfNil(service, 'port', 443)
    for (const rule of mapsAt(webhook, 'rules')) setIfNil(rule, 'scope', '*')
  }
}

export function defaultMutatingWebhooks(configuration: JsonMap): void {
  defaultValidatingWebhooks(configuration)
  for (const webhook of mapsAt(configuration, 'webhooks')) setIfNil(webhook, 'reinvocationPolicy', 'Never')
}
