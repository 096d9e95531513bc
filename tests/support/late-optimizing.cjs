// Processes of tests live for seconds, in which code is optimized that then hardly runs: what has run for longer is
// optimized only. It takes a fifth off what a portal has to do for its first hundreds of pages. And no memory is saved
// in them at the cost of time, as `npm start` does.
const { setFlagsFromString } = require('node:v8')
setFlagsFromString('--interrupt-budget=1000000')
setFlagsFromString('--heap-growing-percent=0')
