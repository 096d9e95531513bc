// Preloaded into every process that the scripts start: when the script that started it is killed, it ends as well.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()
