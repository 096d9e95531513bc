import 'server-only'
import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Logger, type Runner, run, type TaskList, type WorkerEvents } from 'graphile-worker'
import { noteDatabaseAnswers, noteDatabaseAway } from '@/lib/database/watch'
import { closePool, isDatabaseUnavailable, queuePool, queueVariable } from '@/lib/db'
import { log } from '@/lib/log'

export type JobHandler = (payload: Record<string, unknown>) => Promise<void>

/** `timetable` is a crontab (https://worker.graphile.org/docs/cron). */
export type Jobs = { handlers: Record<string, JobHandler>; timetable: string }

const restartAfterMs = 2_000
const concurrency = 4
const pollEveryMs = 1_000

/** A queue with free capacity and no news for this long is stalled. */
const stallAfterMs = 30_000

const quietLogger = new Logger(() => (level, message) => {
  if (level === 'error') log().error({ worker: message.slice(0, 300) }, 'job queue error')
})

/** Restarts graphile-worker, which gives up in a long outage, may stall when connections break, and keeps its pool. */
export function startRunner(jobs: Jobs): { stop: () => Promise<void> } {
  let runner: Runner | undefined
  let stallWatch: StallWatch | undefined
  let stopped = false
  const taskList: TaskList = Object.fromEntries(
    Object.entries(jobs.handlers).map(([name, handle]) => [
      name,
      (payload) => handle(payload as Record<string, unknown>),
    ]),
  )

  const runOnce = async () => {
    const events: WorkerEvents = new EventEmitter()
    stallWatch = watchForStall(events)
    try {
      const started = run({
        pgPool: queuePool(),
        noPreparedStatements: true,
        events,
        taskList,
        crontab: jobs.timetable,
        concurrency,
        pollInterval: pollEveryMs,
        noHandleSignals: true,
        logger: quietLogger,
      })
      void started.catch(() => undefined)
      runner = await Promise.race([started, stallWatch.stalled])
      // `stop` may have been called during the start.
      if (stopped) await runner.stop()
      await Promise.race([runner.promise, stallWatch.stalled])
    } finally {
      stallWatch.end()
      // Do not await a stalled runner, as it may never end.
      void runner?.kill().catch(() => undefined)
      runner = undefined
    }
  }

  const supervise = async () => {
    while (!stopped) {
      try {
        await runOnce()
      } catch (error) {
        if (isDatabaseUnavailable(error)) noteDatabaseAway(error, queueVariable())
        else if (!stopped) log().warn({ err: error }, 'job queue stopped, restarting')
      }
      if (!stopped) await sleep(restartAfterMs)
    }
  }
  const finished = supervise()

  return {
    stop: async () => {
      stopped = true
      // A stopping queue polls no more, and its last jobs may take long.
      stallWatch?.end()
      await runner?.stop().catch(() => undefined)
      await finished
    },
  }
}

type StallWatch = { stalled: Promise<never>; end: () => void }

// Rejects `stalled` if an idle queue gets no answers. Polling alone proves nothing: on dead connections it continues
// without a log line.
function watchForStall(events: WorkerEvents): StallWatch {
  let busy = 0
  let lastEventAt = Date.now()
  const usedPool = queuePool()
  const noteEvent = () => {
    lastEventAt = Date.now()
    noteDatabaseAnswers(queueVariable())
  }
  events.on('worker:getJob:empty', noteEvent)
  events.on('job:start', () => {
    busy++
    noteEvent()
  })
  events.on('job:complete', () => {
    busy--
    noteEvent()
  })
  let timer: NodeJS.Timeout | undefined
  const stalled = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      if (queuePool() !== usedPool) return reject(new Error('The database connections were replaced'))
      if (busy >= concurrency || Date.now() - lastEventAt <= stallAfterMs) return
      clearInterval(timer)
      // Drop dead connections before the restart.
      void closePool().catch(() => undefined)
      reject(new Error('The job queue has stalled'))
    }, 1_000)
  })
  // It may reject before anybody awaits it.
  stalled.catch(() => undefined)
  return { stalled, end: () => clearInterval(timer) }
}
