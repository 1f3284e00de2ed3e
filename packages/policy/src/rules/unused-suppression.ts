import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'unused-suppression',
    severity: 'warning',
    recommended: true,
    summary: 'Every comment that silences a rule names one, gives a reason, and silences something',
    messages: {
      'next-line': 'nothing to silence: {rule} finds nothing on the next line',
      'file': 'nothing to silence: {rule} finds nothing in this file',
      'unknown': 'there is no rule {rule}{near}',
      'no-reason': 'this comment silences nothing, because it gives no reason',
      'unreadable': 'this comment silences nothing, because it cannot be read',
    },
    hint: 'write `# rollsync-disable-next-line RULE -- why it is fine here`, or take the comment out',
    threads: [],
  },
  // Reported when every other rule has answered (suppressions/settle-findings.ts).
  check() {},
})

export default rule
