import { readFileSync } from 'node:fs'

// Imported by what npm starts and what must not outlive it: it ends as on SIGTERM once npm is gone. npm runs scripts
// through a shell: a SIGTERM to npm ends the shell and a SIGKILL leaves it, and neither reaches the script. `exec` in
// package.json would pass SIGTERM on, but then Ctrl-C comes twice, from the terminal and from npm.
if (process.env.npm_lifecycle_event) {
  const shell = process.ppid
  const npm = parentOf(shell)
  const watch = setInterval(() => {
    if (process.ppid === shell && parentOf(shell) === npm) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 250).unref()
}

/** As Linux tells it; null elsewhere. The name before it, in parentheses, may hold anything. */
function parentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1] ?? null
  } catch {
    return null
  }
}
