import type { GoType } from './go-value.ts'

const text: GoType = { go: 'string' }
const int: GoType = { go: 'int' }

export const textList: GoType = { go: 'list', of: text }
export const textMap: GoType = { go: 'map', of: text }
export const intOrString: GoType = { go: 'int-or-string' }

/** pkg/apis/rollouts/v1alpha1 StringMatch */
export const stringMatch: GoType = {
  go: 'struct', name: 'v1alpha1.StringMatch',
  fields: [{ go: 'Exact', json: 'exact', type: text }, { go: 'Prefix', json: 'prefix', type: text }, { go: 'Regex', json: 'regex', type: text }],
}

/** pkg/apis/rollouts/v1alpha1 SetHeaderRoute */
export const setHeaderRoute: GoType = {
  go: 'struct', name: 'v1alpha1.SetHeaderRoute',
  fields: [
    { go: 'Name', json: 'name', type: text },
    { go: 'Match', json: 'match', type: { go: 'list', of: {
      go: 'struct', name: 'v1alpha1.HeaderRoutingMatch',
      fields: [{ go: 'HeaderName', json: 'headerName', type: text, always: true }, { go: 'HeaderValue', json: 'headerValue', type: { go: 'pointer', to: stringMatch }, always: true }],
    } } },
  ],
}

/** pkg/apis/rollouts/v1alpha1 SetMirrorRoute */
export const setMirrorRoute: GoType = {
  go: 'struct', name: 'v1alpha1.SetMirrorRoute',
  fields: [
    { go: 'Name', json: 'name', type: text, always: true },
    { go: 'Match', json: 'match', type: { go: 'list', of: {
      go: 'struct', name: 'v1alpha1.RouteMatch',
      fields: [
        { go: 'Method', json: 'method', type: { go: 'pointer', to: stringMatch } },
        { go: 'Path', json: 'path', type: { go: 'pointer', to: stringMatch } },
        { go: 'Headers', json: 'headers', type: { go: 'map', of: stringMatch } },
      ],
    } } },
    { go: 'Percentage', json: 'percentage', type: { go: 'pointer', to: int } },
  ],
}

/** pkg/apis/rollouts/v1alpha1 AnalysisRunArgument */
export const analysisRunArguments: GoType = {
  go: 'list', of: {
    go: 'struct', name: 'v1alpha1.AnalysisRunArgument',
    fields: [
      { go: 'Name', json: 'name', type: text, always: true },
      { go: 'Value', json: 'value', type: text },
      { go: 'ValueFrom', json: 'valueFrom', type: { go: 'pointer', to: {
        go: 'struct', name: 'v1alpha1.ArgumentValueFrom',
        fields: [
          { go: 'PodTemplateHashValue', json: 'podTemplateHashValue', type: { go: 'pointer', to: text } },
          { go: 'FieldRef', json: 'fieldRef', type: { go: 'pointer', to: { go: 'struct', name: 'v1alpha1.FieldRef', fields: [{ go: 'FieldPath', json: 'fieldPath', type: text, always: true }] } } },
        ],
      } } },
    ],
  },
}

/** apimachinery meta/v1 LabelSelector */
export const labelSelector: GoType = {
  go: 'struct', name: 'v1.LabelSelector',
  fields: [
    { go: 'MatchLabels', json: 'matchLabels', type: textMap },
    { go: 'MatchExpressions', json: 'matchExpressions', type: { go: 'list', of: {
      go: 'struct', name: 'v1.LabelSelectorRequirement',
      fields: [{ go: 'Key', json: 'key', type: text, always: true }, { go: 'Operator', json: 'operator', type: text, always: true }, { go: 'Values', json: 'values', type: textList }],
    } } },
  ],
}

// The library's own types have no JSON names: encoding/json prints their Go names, and nothing is left out.

function internal(name: string, types: Readonly<Record<string, GoType>>): GoType {
  const key = (field: string): string => field === 'SELinuxOptions' ? 'seLinuxOptions' : `${field.charAt(0).toLowerCase()}${field.slice(1)}`
  return { go: 'struct', name, fields: Object.entries(types).map(([go, type]) => ({ go, json: key(go), printed: go, type, always: true })) }
}

const pointerTo = (to: GoType): GoType => ({ go: 'pointer', to })
const flag = pointerTo({ go: 'bool' })
const id = pointerTo({ go: 'int', name: 'int64' })

/** pkg/apis/core SeccompProfile */
export const seccompProfile: GoType = internal('core.SeccompProfile', { Type: text, LocalhostProfile: pointerTo(text) })

/** pkg/apis/core Toleration */
export const toleration: GoType = internal('core.Toleration', { Key: text, Operator: text, Value: text, Effect: text, TolerationSeconds: id })

/** pkg/apis/core SecurityContext; AppArmor's profile came after the versions that print Go syntax. */
export function securityContext(appArmor: boolean): GoType {
  return internal('core.SecurityContext', {
    Capabilities: pointerTo(internal('core.Capabilities', { Add: textList, Drop: textList })),
    Privileged: flag,
    SELinuxOptions: pointerTo(internal('core.SELinuxOptions', { User: text, Role: text, Type: text, Level: text })),
    WindowsOptions: pointerTo(internal('core.WindowsSecurityContextOptions', {})),
    RunAsUser: id, RunAsGroup: id, RunAsNonRoot: flag, ReadOnlyRootFilesystem: flag, AllowPrivilegeEscalation: flag,
    ProcMount: pointerTo({ go: 'string', name: 'core.ProcMountType' }),
    SeccompProfile: pointerTo(seccompProfile),
    ...(appArmor ? { AppArmorProfile: pointerTo(internal('core.AppArmorProfile', { Type: text, LocalhostProfile: pointerTo(text) })) } : {}),
  })
}
