"""Datasets: columns, population, event tables, options for dummy data."""

from ehrql import INTERVAL, Dataset, case, create_dataset, when

from .support import TestCase, document, e, other, p, text


def dataset():
    made = create_dataset()
    made.define_population(p.exists_for_patient())
    return made


class Columns(TestCase):
    def test_columns_keep_the_order_of_their_definition_and_can_be_read_back(self):
        d = dataset()
        d.z = p.i
        d.add_column("a", d.z + 1)
        d.Z = p.s
        setattr(d, "add_column", p.f)
        names = [name for name, _ in document(d)["dataset"]["columns"]]
        self.assertEqual(names, ["z", "a", "Z", "add_column"])
        self.assertEqual(text(d.a), "add(p.i, 1)")
        self.assertEqual(text(d.population), "exists(p)")

    def test_names(self):
        for name in ("patient_id", "population", "dummy_data_config"):
            with self.subTest(name):
                code = "population-assigned" if name == "population" else "reserved-name"
                with self.assert_problem(code, raising=AttributeError):
                    setattr(dataset(), name, p.i)
        for name in ("_x", "1x", "x-y", "é", "", "x y", "x\n"):
            with self.assert_problem("malformed-name", raising=AttributeError):
                dataset().add_column(name, p.i)
        d = dataset()
        d.x = p.i
        with self.assert_problem("name-used", raising=AttributeError):
            d.x = p.i
        with self.assert_problem("unknown-name", "Variable 'y' has not been defined", raising=AttributeError):
            d.y
        self.assertFalse(hasattr(d, "y"))

    def test_columns_that_are_no_patient_series(self):
        for value, code, word in (
            (e.i, "many-values", "only one value per patient"),
            (p, "frame-for-series", "`p.<column>`"),
            ((p.i,), "trailing-comma", "comma"),
            (p.exists_for_patient, "not-called", "exists_for_patient()"),
            (when(p.b), "unfinished-when", ".then(value)"),
            (when(p.b).then(1), "unfinished-when", ".otherwise(None)"),
            (p.d - p.d2, "date-difference", ".days"),
            (5, "not-a-series", "5"),
            (None, "not-a-series", "None"),
            ([p.i], "not-a-series", "list"),
        ):
            with self.subTest(code), self.assert_problem(code, word, raising=TypeError):
                dataset().x = value

    def test_interval_is_for_measures(self):
        with self.assert_problem("interval-in-dataset", "INTERVAL"):
            dataset().x = p.d > INTERVAL.start_date
        with self.assert_problem("interval-in-dataset"):
            Dataset().define_population(p.d > INTERVAL.start_date)


class Population(TestCase):
    def test_a_population_is_set_once_and_is_bool(self):
        with self.assert_problem("population-again", raising=AttributeError):
            dataset().define_population(p.b)
        for value, code in (
            (True, "wrong-type"),
            (p.i, "wrong-type"),
            (e.b, "many-values"),
            (None, "wrong-type"),
            (p, "frame-for-series"),
        ):
            with self.assert_problem(code, raising=TypeError):
                Dataset().define_population(value)
        with self.assert_problem("no-population"):
            document(Dataset())

    def test_populations_that_hold_without_any_data_are_refused(self):
        for population in (
            ~p.exists_for_patient(),
            p.d.is_null(),
            e.count_for_patient() == 0,
            e.count_for_patient() < 5,
            e.count_for_patient() >= 0,
            e.where(e.b).i.count_distinct_for_patient() == 0,
            p.s.is_not_in([]),
            ~p.s.is_in(e.s),
            p.d.is_after("2020-01-01") | p.d.is_null(),
            p.b | True,
            case(when(p.b).then(False), otherwise=True),
            p.i.when_null_then(3) > 2,
            (p.i.when_null_then(-7) // 2) == -4,
            p.d.when_null_then("2004-02-29").year == 2004,
            p.s.when_null_then("abc").contains("b"),
            e.i.sum_for_patient().is_null(),
            e.sort_by(e.d).first_for_patient().i.is_null(),
            (e.count_for_patient().as_float() / 2) == 0.0,
        ):
            with self.subTest(text(population)), self.assert_problem("population-true-for-nothing"):
                Dataset().define_population(population)

    def test_populations_that_are_false_or_null_without_data_are_fine(self):
        for population in (
            p.s.is_not_in(["male"]),
            p.s != "male",
            p.b,
            e.exists_for_patient() & p.d.is_null(),
            e.i.sum_for_patient() == 0,
            case(when(p.b).then(True)),
            (1 / e.count_for_patient()) > 0,
            (p.i.when_null_then(0) ** -1) > 0,
            p.d.when_null_then("9999-12-31").year == 1,
            p.s.is_in([]),
        ):
            with self.subTest(text(population)):
                Dataset().define_population(population)


class EventTables(TestCase):
    def test_event_tables_hold_columns_of_the_same_rows(self):
        d = dataset()
        rows = e.where(e.i > 1)
        d.add_event_table("events", date=rows.d, age=p.i)
        d.events.code = rows.code
        d.events.add_column("i", rows.i)
        table = document(d)["dataset"]["event_tables"][0]
        self.assertEqual(table["name"], "events")
        self.assertEqual([name for name, _ in table["columns"]], ["date", "age", "code", "i"])
        self.assertEqual(text(d.events.i), "filter(e, gt(e.i, 1)).i")

    def test_refusals(self):
        d = dataset()
        with self.assert_problem("reserved-name"):
            d.add_event_table("dataset", i=e.i)
        with self.assert_problem("event-table"):
            d.add_event_table("x")
        with self.assert_problem("event-table"):
            d.add_event_table("x", i=p.i)
        with self.assert_problem("event-table", "first column", "`age`"):
            d.add_event_table("x", age=p.i, i=e.i)
        with self.assert_problem("unrelated-rows"):
            d.add_event_table("x", i=e.i, j=other.i)
        with self.assert_problem("reserved-name"):
            d.add_event_table("x", patient_id=e.i)
        d.add_event_table("x", i=e.i)
        with self.assert_problem("name-used"):
            d.x = p.i
        with self.assert_problem("unrelated-rows"):
            d.x.j = other.i
        with self.assert_problem("unknown-name"):
            d.x.k


class DummyData(TestCase):
    def test_only_what_is_said_is_kept_and_a_second_call_replaces_the_first(self):
        d = dataset()
        self.assertEqual(document(d)["dataset"]["dummy_data"], {})
        d.configure_dummy_data(population_size=1000, additional_population_constraint=p.b)
        options = document(d)["dataset"]["dummy_data"]
        self.assertEqual(options["population_size"], 1000)
        self.assertEqual(document(d)["nodes"][options["additional_population_constraint"]]["name"], "b")
        d.configure_dummy_data(timeout=5)
        self.assertEqual(document(d)["dataset"]["dummy_data"], {"timeout": 5})

    def test_refusals(self):
        for options, code in (
            ({"population_size": -1}, "dummy-data-option"),
            ({"population_size": "10"}, "dummy-data-option"),
            ({"timeout": 0}, "dummy-data-option"),
            ({"legacy": 1}, "dummy-data-option"),
            ({"legacy": True, "additional_population_constraint": p.b}, "dummy-data-option"),
            ({"additional_population_constraint": e.b}, "many-values"),
            ({"additional_population_constraint": p.i}, "wrong-type"),
        ):
            with self.assert_problem(code):
                dataset().configure_dummy_data(**options)
        with self.assertRaises(TypeError):
            dataset().configure_dummy_data(10)
