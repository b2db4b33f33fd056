"""Versioned reform-maturity questionnaires: assess, score, report.

The map, from the inside out; imports run one way, from the last line to the first:

    maturity      what is asked and what answers are worth; knows no person and no date; pure
    conduct       who does what when: life, access, cycles, people, the trail; pure
    analysis      many assessments at once; pure
    library       questionnaires, responses, lists, evidence: files in, structs out
    store         the only SQL; rows in, structs out; files
    outside       what others run: mail, single sign-on, webhooks, a distributed engine
    reports       assessments and cycles as pages, PDFs, charts and tables
    operations    one function per thing a person can do, each in one transaction
    web           HTTP in; HTML or JSON out
    app, cli      the two doors: `create_app(settings)` and `survey-service …`

`settings`, `clock`, `time_zones`, `errors`, `characters`, `i18n` and `processes` are leaves that every
layer may use.
"""
