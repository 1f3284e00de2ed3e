/** Thrown where our grammar cannot be sure of gojq's answer: the expression goes to a foreign engine. `construct` names what was met. */
export class BeyondGrammar extends Error {
  readonly construct: string
  constructor(construct: string) {
    super(`beyond the grammar: ${construct}`)
    this.name = 'BeyondGrammar'
    this.construct = construct
  }
}

/** Thrown where gojq does not parse or compile the expression; the message is gojq's own. */
export class InvalidExpression extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'InvalidExpression'
  }
}

/** A run-time error of gojq: the message is its own, `caught` what `catch` would see. */
export class RuntimeFailure extends Error {
  readonly caught: unknown
  constructor(message: string, caught: unknown = message) {
    super(message)
    this.name = 'RuntimeFailure'
    this.caught = caught
  }
}
