'use client'

import { useEffect, useState } from 'react'
import { areLettersOn } from '@/app/_components/site-keys'

type Words = { on: string; off: string; turnOff: string; turnOn: string }

/** j and k or the arrows lead from row to row. Here all keys of one letter, `/` among them, are turned off and on. */
export function ListKeys({ words }: { words: Words }) {
  const [on, setOn] = useState<boolean | null>(null)
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event, areLettersOn())
    document.addEventListener('keydown', listen)
    // Said only once it is so: whoever reads of a key may press it at once.
    setOn(areLettersOn())
    return () => document.removeEventListener('keydown', listen)
  }, [])
  const turn = () => {
    localStorage.setItem('concord.keys', on ? 'off' : 'on')
    setOn(!on)
  }
  // Nothing is promised where no script runs.
  if (on === null) return null
  return (
    <p className="note no-print">
      {on ? words.on : words.off}{' '}
      <button type="button" className="link-button" onClick={turn}>
        {on ? words.turnOff : words.turnOn}
      </button>
    </p>
  )
}

function onKey(event: KeyboardEvent, letters: boolean) {
  const { key, target } = event
  if (event.ctrlKey || event.metaKey || event.altKey || !(target instanceof Element)) return
  if (letters && !target.closest('input:not([type=checkbox]), select, textarea')) {
    const found = findRow(key, target)
    if (!found) return
    event.preventDefault()
    found.focus()
  }
}

const steps: Record<string, number> = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 }

/** The link of the row that a key leads to. Arrows move between rows alone: elsewhere they scroll the page. */
function findRow(key: string, from: Element): HTMLElement | undefined {
  const step = steps[key]
  const rows = [...document.querySelectorAll<HTMLElement>('a.whole-row')]
  const at = rows.findIndex((row) => row.closest('tr')?.contains(from))
  if (!step || (at < 0 && key.length > 1)) return undefined
  return rows[at < 0 ? 0 : at + step]
}
