// Loaded first in every process that tests start.
const { setFlagsFromString } = require('node:v8')

// Processes of tests live for seconds, in which code is optimized that then hardly runs: what has run for longer is
// optimized only. It takes a fifth off what a portal has to do for its first hundreds of pages; later versions have no such flag. Nor is memory saved at the
// cost of time, as by `npm start`.
if (process.versions.node.startsWith('20.')) setFlagsFromString('--interrupt-budget=1000000')
setFlagsFromString('--heap-growing-percent=0')

// A count that took long, as on a busy machine, would be shown for a minute, also to the next test.
class NothingKept extends Map {
  set() {
    return this
  }
}
globalThis.concordInstitution = { counted: new NothingKept() }
