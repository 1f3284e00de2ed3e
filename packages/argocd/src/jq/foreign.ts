import type { ForeignEngine, GojqVersion } from './engine.ts'
import { gojqEngine } from './gojq-engine.ts'
import { jqWasmEngine } from './jq-wasm-engine.ts'

/** gojq where it is installed, else jq standing in for it. */
export const openForeign = async (gojq: GojqVersion): Promise<ForeignEngine> => (await gojqEngine(gojq)) ?? jqWasmEngine(gojq)
