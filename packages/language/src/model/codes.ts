// The form that the codes of each system have. The Python front end holds literals to the same forms as a line runs; a test
// keeps both alike. Codes in data are never checked: they are what they are.
import type { CodeType } from './nodes.js';

const forms: Readonly<Record<CodeType, RegExp>> = {
  SNOMEDCTCode: /^[1-9]\d{5,17}$/,
  DMDCode: /^[1-9]\d{5,17}$/,
  CTV3Code: /^(?:[0-9A-Za-z]{5}|[0-9A-Za-z]{4}\.|[0-9A-Za-z]{3}\.\.|[0-9A-Za-z]{2}\.\.\.)$/,
  ICD10Code: /^[A-Z]\d{2}(?:X\d?|\d{0,2})$/,
  OPCS4Code: /^[A-HJ-Z]\d{2,3}$/,
  BNFCode: /^(?:[01]\d{6}[0-9A-Z]{2}(?:[A-Z][0-9A-Z]){3}|2[0-3]\d{9})$/,
};

/** Whether a text has the form of a code of the system; says nothing of whether there is such a code. */
export const isCode = (type: CodeType, text: string): boolean => forms[type].test(text);
