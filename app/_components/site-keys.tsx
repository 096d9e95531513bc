'use client'

import { useEffect } from 'react'

/** Escape, a click elsewhere and a link in it close an open menu; Ctrl-K and `/` lead to the search. */
export function SiteKeys() {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') closeMenus((menu) => menu.contains(event.target as Node), true)
      const field = findSearch(event)
      if (!field) return
      event.preventDefault()
      field.focus()
      field.select()
    }
    const onClick = ({ target }: MouseEvent) =>
      closeMenus((menu) => !menu.contains(target as Node) || (target as Element).closest('a') !== null, false)
    document.addEventListener('keydown', onKey)
    document.addEventListener('click', onClick)
    return () => {
      document.removeEventListener('keydown', onKey)
      document.removeEventListener('click', onClick)
    }
  }, [])
  return null
}

/** The field that a key leads to: Ctrl-K to the header's, `/` to that of a list before it. */
function findSearch({ key, ctrlKey, metaKey, altKey, target }: KeyboardEvent): HTMLInputElement | null {
  const ofHeader = document.querySelector<HTMLInputElement>('#site-search')
  if (ctrlKey || metaKey) return key === 'k' ? ofHeader : null
  if (key !== '/' || altKey || !(target instanceof Element) || !areLettersOn()) return null
  if (target.closest('input:not([type=checkbox]), select, textarea')) return null
  return document.querySelector<HTMLInputElement>('main input[type=search]') ?? ofHeader
}

/**
 * Keys of one letter get in the way of those who speak to their computer, so they can be turned off beside the list:
 * https://www.w3.org/TR/WCAG22/#character-key-shortcuts
 */
export const areLettersOn = () => localStorage.getItem('concord.keys') !== 'off'

function closeMenus(isMeant: (menu: Element) => boolean, thenFocus: boolean): void {
  for (const menu of document.querySelectorAll('details[name$=menu][open]')) {
    if (!isMeant(menu)) continue
    menu.removeAttribute('open')
    if (thenFocus) menu.querySelector('summary')?.focus()
  }
}
