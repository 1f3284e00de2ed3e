/** Vitest reporter: the closing line `N passed, N failed, N skipped`, with files that failed to load counted as failed. */
export default class TotalsReporter {
  onTestRunEnd(modules, errors) {
    const totals = { passed: 0, failed: errors.length, skipped: 0 }
    for (const module of modules) {
      if (module.errors().length > 0) totals.failed += 1
      for (const test of module.children.allTests()) {
        const state = test.result().state
        if (state === 'passed') totals.passed += 1
        else if (state === 'failed') totals.failed += 1
        else totals.skipped += 1
      }
    }
    process.on('exit', () => console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`))
  }
}
