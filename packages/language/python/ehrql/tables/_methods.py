"""The methods of tables: shorthands that many studies need, each made of public operations only.

The generated table classes mix these in. After picking one row only the properties remain.
"""

from .._language.cases import case, when
from .._language.wrapping import balanced, wrap

# The upper bounds of the ranks of areas, from most to least deprived; the last is the number of areas in England.
_QUINTILES = (6568, 13137, 19706, 26275, 32844)
_DECILES = (3284, 6568, 9853, 13137, 16422, 19706, 22990, 26275, 29559, 32844)


class PatientsWithAge:
    def age_on(self, date):
        """Age in whole years; negative before birth, and goes on after death."""
        return (date - self.date_of_birth).years


class Patients(PatientsWithAge):
    def is_alive_on(self, date):
        """Whether the patient has not died by the end of the date; True before birth too."""
        return self.date_of_death.is_after(date) | self.date_of_death.is_null()

    def is_dead_on(self, date):
        """Whether the patient died before the date. On the day of death a patient is neither alive nor dead."""
        return self.date_of_death.is_not_null() & self.date_of_death.is_before(date)


class PatientsWithRegistration(PatientsWithAge):
    def has_practice_registration_spanning(self, start_date, end_date):
        """Whether the registration began by the start and ended after the end, or has not ended."""
        began = self.registration_start_date.is_on_or_before(start_date)
        return began & (self.registration_end_date.is_after(end_date) | self.registration_end_date.is_null())


class RegistrationDates:
    def spanning(self, start_date, end_date):
        """Registrations that began by the start and didn't end before the end."""
        return self.where(
            self.start_date.is_on_or_before(start_date)
            & (self.end_date.is_on_or_after(end_date) | self.end_date.is_null())
        )

    def for_patient_on(self, date):
        """The registration on the date; of several, the one that started last."""
        return self.spanning(date, date).sort_by(self.start_date).last_for_patient()

    def exists_for_patient_on(self, date):
        """Whether the patient has a registration on the date."""
        # Without picking a row, which an engine would have to sort for.
        return self.spanning(date, date).exists_for_patient()


class Registrations(RegistrationDates):
    def for_patient_on(self, date):
        """The registration on the date; of several, the one that started last, then ended last, then the highest id."""
        spanning = self.spanning(date, date)
        return spanning.sort_by(self.start_date, self.end_date, self.practice_pseudo_id).last_for_patient()


class RegistrationsWithSystmone(Registrations):
    def spanning_with_systmone(self, start_date, end_date):
        """Those of `spanning` whose practice used SystmOne by the start."""
        spanning = self.spanning(start_date, end_date)
        return spanning.where(spanning.practice_systmone_go_live_date.is_on_or_before(start_date))


class AddressDates:
    def _at(self, date):
        """Addresses on the date; one without a start date is never among them."""
        started = self.where(self.start_date.is_on_or_before(date))
        return started.except_where(started.end_date.is_before(date))

    def for_patient_on(self, date):
        """The address on the date; of several, the one that started last."""
        return self._at(date).sort_by(self.start_date).last_for_patient()


class Addresses(AddressDates):
    def for_patient_on(self, date):
        """The address on the date; of several, one with a postcode, then the latest start, the latest end, the highest id."""
        has_postcode = case(when(self.has_postcode).then(1), otherwise=0)
        keys = (has_postcode, self.start_date, self.end_date, self.address_id)
        return self._at(date).sort_by(*keys).last_for_patient()

    @property
    def imd_quintile(self):
        """The fifth of deprivation of the area, as text; "unknown" where the rank is missing or negative."""
        return _deprivation_group(self.imd_rounded, _QUINTILES)

    @property
    def imd_decile(self):
        """The tenth of deprivation of the area, as text; "unknown" where the rank is missing or negative."""
        return _deprivation_group(self.imd_rounded, _DECILES)


def _deprivation_group(rank, bounds):
    # A negative rank is not a rank, so every group asks for one of at least 0, not only the first.
    lower, cases = 0, []
    for group, upper in enumerate(bounds, start=1):
        label = f"{group}"
        if group == 1:
            label = "1 (most deprived)"
        elif group == len(bounds):
            label = f"{group} (least deprived)"
        cases.append(when((rank >= lower) & (rank <= upper)).then(label))
        lower = upper + 1
    return case(*cases, otherwise="unknown")


class Deaths:
    def cause_of_death_is_in(self, codelist):
        """Whether any of the sixteen causes on the certificate is among the codes."""
        causes = [self.underlying_cause_of_death]
        causes += [getattr(self, f"cause_of_death_{number:02d}") for number in range(1, 16)]
        return wrap(balanced("or", [cause.is_in(codelist)._node for cause in causes]))


class DecisionSupportValues:
    def electronic_frailty_index(self):
        """The values of version 1.0 of the UK electronic frailty index."""
        index = self.where(self.algorithm_description == "UK Electronic Frailty Index (eFI)")
        return index.where(index.algorithm_version == "1.0")
