with Ada.Command_Line; use Ada.Command_Line;

procedure Exit_3 is
begin
   Set_Exit_Status (3);
end Exit_3;
