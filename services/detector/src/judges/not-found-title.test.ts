import { expect, test } from '@jest/globals'
import { saysNotFound } from './not-found-title.ts'

test.each([
  'HTTP 404',
  'NotFound',
  'HTTP Status 404 – Not Found',
  '410 Gone',
  'Fehler 404',
  'Shop: 404',
  '#404',
  "We can't find the page you're looking for",
  'Unable to find the content. Lost?',
  'Error 404 (Not Found)!!1',
  'The page you were looking for doesn’t exist (404)',
  'Product no longer available',
  'Job not found',
  'Diese Seite existiert nicht',
  'La page demandée est introuvable',
  'No se ha encontrado la página',
  'Ошибка 404',
  'Такой страницы не существует',
  'Stránka nenalezena',
  'Az oldal nem található',
  'Deze pagina bestaat niet',
  'الصفحة غير موجودة',
  '404页面',
  'ไม่พบหน้าที่คุณต้องการ',
])('"%s" says that there is nothing', (title) => expect(saysNotFound(title)).toBe(true))

test.each([
  'Model 404',
  '404 Main Street, Springfield',
  'Not found guilty',
  'Not Found Records',
  'Nothing found to be wrong with the engine',
  '404 error: what it is and how to fix it',
  '404 Not Found (album)',
  'Gone with the Wind',
  'Missing persons',
  "Can't find the right product?",
  'Unable to find the content you want? | Help',
  `${' '.repeat(200_000)}x`,
])('"%s" does not', (title) => expect(saysNotFound(title)).toBe(false))
