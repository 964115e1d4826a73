/** The last line of a run, for people and programs alike: "N passed, N failed". */
export default class ClosingLine {
  #suitesBroken = 0
  onTestResult(_test, result) {
    if (result.testExecError && result.numFailingTests === 0) this.#suitesBroken += 1
  }
  onRunComplete(_contexts, results) {
    const line = `\n${results.numPassedTests} passed, ${results.numFailedTests + this.#suitesBroken} failed\n`
    // Jest writes its own summary after every reporter.
    process.once('exit', () => process.stdout.write(line))
  }
}
