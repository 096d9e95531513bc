// Preloaded into every process that the scripts start: when the script that started it is killed, it ends as well.
// Processes that it starts in turn are its own affair; they inherit the variable, but have another parent.
if (process.env.CONCORD_STARTED_BY === String(process.ppid)) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel?.unref()
}
