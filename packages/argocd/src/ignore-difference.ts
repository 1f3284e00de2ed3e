/** One entry of an Application's `spec.ignoreDifferences`. Group and kind are globs, name and namespace exact; a missing group is the core group. */
export interface IgnoreDifference {
  readonly group?: string
  readonly kind: string
  readonly name?: string
  readonly namespace?: string
  readonly jsonPointers?: readonly string[]
  readonly jqPathExpressions?: readonly string[]
  readonly managedFieldsManagers?: readonly string[]
}
