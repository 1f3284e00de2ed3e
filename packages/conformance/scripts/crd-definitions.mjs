// CustomResourceDefinitions as the OpenAPI v2 document that a cluster publishes of them, without defaults and validation: node crd-definitions.mjs CRD.yaml… > definitions.json
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const { parseAllDocuments } = createRequire(new URL('../../manifests/package.json', import.meta.url))('yaml')
const kept = ['type', 'format', 'x-kubernetes-int-or-string', 'x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource',
  'x-kubernetes-list-type', 'x-kubernetes-list-map-keys', 'x-kubernetes-map-type']

const mapped = (object, step) => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, step(value)]))

const published = schema => ({
  ...Object.fromEntries(kept.filter(key => key in schema).map(key => [key, schema[key]])),
  ...(schema.properties ? { properties: mapped(schema.properties, published) } : {}),
  ...(schema.items ? { items: published(schema.items) } : {}),
  ...(typeof schema.additionalProperties === 'object' ? { additionalProperties: published(schema.additionalProperties) } : {}),
})

const definitions = {}
for (const document of process.argv.slice(2).flatMap(file => parseAllDocuments(readFileSync(file, 'utf8')).map(one => one.toJS()))) {
  if (document?.kind !== 'CustomResourceDefinition') continue
  const { group, names, versions } = document.spec
  for (const { name, schema } of versions) {
    const root = published(schema.openAPIV3Schema)
    definitions[`${group.split('.').reverse().join('.')}.${name}.${names.kind}`] = {
      ...root,
      properties: {
        ...root.properties,
        apiVersion: { type: 'string' }, kind: { type: 'string' },
        metadata: { $ref: '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' },
      },
      'x-kubernetes-group-version-kind': [{ group, version: name, kind: names.kind }],
    }
  }
}
process.stdout.write(JSON.stringify({ swagger: '2.0', info: { title: 'custom resources', version: '1' }, paths: {}, definitions }))
