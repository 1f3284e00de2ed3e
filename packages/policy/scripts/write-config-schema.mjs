#!/usr/bin/env node
// Writes config.schema.json from the schema in src/config/config.ts; run it after the build when that schema changes. A test compares the two.
import { writeFileSync } from 'node:fs'
import { configJsonSchema } from '../dist/config/index.js'

writeFileSync(new URL('../config.schema.json', import.meta.url), `${JSON.stringify(configJsonSchema(), null, 2)}\n`)
