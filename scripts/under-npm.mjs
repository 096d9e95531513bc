import { readFileSync } from 'node:fs'

/**
 * Calls `stop` once npm, which started this process, is gone. npm runs scripts through a shell: a SIGTERM to npm ends
 * the shell and a SIGKILL leaves it, and neither reaches the script. Started by anything else, a process outlives what
 * started it, as usual.
 */
export function onceNpmIsGone(stop) {
  if (!process.env.npm_lifecycle_event) return
  const shell = process.ppid
  const npm = parentOf(shell)
  const watch = setInterval(() => {
    if (process.ppid === shell && parentOf(shell) === npm) return
    clearInterval(watch)
    stop()
  }, 250)
  watch.unref()
}

/** As Linux tells it; null elsewhere. The name before it, in parentheses, may hold anything. */
function parentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1] ?? null
  } catch {
    return null
  }
}
