import { expect, test } from 'vitest'
import { compareNames } from '@/lib/people/names'

test.each([
  ['Anna Müller', 'Müller, Anna'],
  ['Anna Müller', 'A. Mueller'],
  ['Anna Maria Müller', 'Anna Müller'],
  ['Anna Müller', 'Anna Schmidt'],
  ['Fyodor Dostoevsky', 'Фёдор Достоевский'],
  ['Ming Li', '李明'],
  ['Seán O’Brien', "Sean O'Brien"],
  ['Nguyễn Thị Hoa', 'Thi Hoa Nguyen'],
  ['Alexander Graham', 'Alex Graham'],
  ['Jan van der Berg', 'J. Vanderberg'],
  ['Þórður Jónsson', 'Thordur Jonsson'],
])('%s and %s may be one person', (one, other) => {
  expect(compareNames(one, other)).toBe('alike')
  expect(compareNames(other, one)).toBe('alike')
})

test.each([
  ['Anna Müller', 'Josiah Carberry'],
  ['Anna Müller', 'A. Schmidt'],
  ['Li Wei', 'Wang Fang'],
  ['Анна Иванова', 'Josiah Carberry'],
])('%s and %s are very unlike', (one, other) => {
  expect(compareNames(one, other)).toBe('unlike')
})

test.each([
  [null, 'Anna Müller'],
  ['', 'Anna Müller'],
  ['…', 'Anna Müller'],
  ['山田太郎', 'Taro Yamada'],
])('nothing is concluded from %s and %s', (one, other) => {
  expect(compareNames(one, other)).toBe('unknown')
})
