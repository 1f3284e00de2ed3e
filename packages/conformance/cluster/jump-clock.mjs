// node --import: a clock that someone sets: JUMP_AFTER_MS from the start of the process on it says JUMP_BY_MS more, or less.
const RealDate = Date
const began = RealDate.now()
const by = Number(process.env.JUMP_BY_MS)
const now = () => RealDate.now() + (RealDate.now() - began < Number(process.env.JUMP_AFTER_MS) ? 0 : by)

globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [now()] : args))
  }

  static now() {
    return now()
  }
}
