"""The tables of the examples: a column of every type, called by the first letter of the type and a number."""

import datetime

from ehrql.codes import (
    BNFCode,
    CTV3Code,
    DMDCode,
    ICD10Code,
    ICD10MultiCodeString,
    OPCS4Code,
    OPCS4MultiCodeString,
    SNOMEDCTCode,
)
from ehrql.tables import Constraint, EventFrame, PatientFrame, Series, table


@table
class p(PatientFrame):
    i1 = Series(int)
    i2 = Series(int)
    i3 = Series(int)
    f1 = Series(float)
    f2 = Series(float)
    b1 = Series(bool)
    b2 = Series(bool)
    s1 = Series(str)
    s2 = Series(str)
    d1 = Series(datetime.date)
    d2 = Series(datetime.date)
    sex = Series(str, constraints=[Constraint.Categorical(["female", "male"])])
    snomed = Series(SNOMEDCTCode)
    dmd = Series(DMDCode)
    ctv3 = Series(CTV3Code)
    icd10 = Series(ICD10Code)
    opcs4 = Series(OPCS4Code)
    bnf = Series(BNFCode)
    icd10s = Series(ICD10MultiCodeString)
    opcs4s = Series(OPCS4MultiCodeString)


@table
class e(EventFrame):
    i1 = Series(int)
    i2 = Series(int)
    i3 = Series(int)
    f1 = Series(float)
    f2 = Series(float)
    b1 = Series(bool)
    b2 = Series(bool)
    s1 = Series(str)
    s2 = Series(str)
    d1 = Series(datetime.date)
    d2 = Series(datetime.date)
    snomed = Series(SNOMEDCTCode)
    dmd = Series(DMDCode)
    ctv3 = Series(CTV3Code)
    icd10 = Series(ICD10Code)
    icd10s = Series(ICD10MultiCodeString)
    opcs4s = Series(OPCS4MultiCodeString)


@table
class other(EventFrame):
    i1 = Series(int)
    s1 = Series(str)
    d1 = Series(datetime.date)
    snomed = Series(SNOMEDCTCode)
