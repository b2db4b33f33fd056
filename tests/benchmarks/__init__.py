from survey_service.processes import keep_arithmetic_on_one_core

keep_arithmetic_on_one_core()  # as all that is measured here does; numpy is not loaded yet
